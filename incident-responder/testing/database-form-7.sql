-- What version 0.1.0 had written, by sqlite3 .dump: a page and an anomaly, one incident that somebody acknowledged. Form 7: with a table of findings.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE notifications (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     received_at_ms INTEGER NOT NULL,
     last_received_at_ms INTEGER NOT NULL,
     deliveries INTEGER NOT NULL DEFAULT 1,
     receiver TEXT NOT NULL,
     group_key TEXT NOT NULL,
     status TEXT NOT NULL,
     content_key TEXT NOT NULL,
     truncated_alerts INTEGER NOT NULL
   , exact_key TEXT) STRICT;
INSERT INTO notifications VALUES(1,1795789871444,1795789871444,1,'page','{}/{severity="page"}:{service="storefront", slo="availability"}','firing','be78b06c59d5613034961fc9841c74b62e401bbae01a1b9af5214b8ff80bf29d',0,'a5bd040aebd006a9a3eb08d2aba6c0ed2923d06fb4c849b5da0488f76ae38634');
INSERT INTO notifications VALUES(2,1795789871531,1795789871531,1,'info','{}/x','firing','138c196ba02b821d95e46e9b51ceddb04c27ef06629a51b5d077f40ac3f72a7a',0,'88df6d44acd7108e660734275f930ce1cdb5efeeda287c553650b5a7576d226d');
CREATE TABLE notified_alerts (
     notification_id INTEGER NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
     position INTEGER NOT NULL,
     alertname TEXT NOT NULL,
     status TEXT NOT NULL,
     alert TEXT NOT NULL,
     PRIMARY KEY (notification_id, position)
   ) STRICT, WITHOUT ROWID;
INSERT INTO notified_alerts VALUES(1,0,'ErrorBudgetBurn','firing','{"status":"firing","labels":{"alertname":"ErrorBudgetBurn","severity":"page","service":"storefront","slo":"availability"},"annotations":{"summary":"Errors burn the budget"},"generatorURL":"http://127.0.0.1:9090/graph","fingerprint":"a1b2c3","startsAtMs":1795789870832,"endsAtMs":null,"source":"alertmanager"}');
INSERT INTO notified_alerts VALUES(2,0,'Anomaly','firing','{"status":"firing","labels":{"alertname":"Anomaly","severity":"info","service":"storefront","slo":"availability","rule":"storefront_latency"},"annotations":{"summary":"Errors burn the budget"},"generatorURL":"http://127.0.0.1:9090/graph","fingerprint":"f2","startsAtMs":1795789870832,"endsAtMs":null,"source":"alertmanager"}');
CREATE TABLE firing_alerts (
     receiver TEXT NOT NULL,
     group_key TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     last_heard_at_ms INTEGER NOT NULL,
     alert TEXT NOT NULL,
     PRIMARY KEY (receiver, group_key, fingerprint)
   ) STRICT, WITHOUT ROWID;
INSERT INTO firing_alerts VALUES('info','{}/x','f2',1795789871531,'{"status":"firing","labels":{"alertname":"Anomaly","severity":"info","service":"storefront","slo":"availability","rule":"storefront_latency"},"annotations":{"summary":"Errors burn the budget"},"generatorURL":"http://127.0.0.1:9090/graph","fingerprint":"f2","startsAtMs":1795789870832,"endsAtMs":null,"source":"alertmanager"}');
INSERT INTO firing_alerts VALUES('page','{}/{severity="page"}:{service="storefront", slo="availability"}','a1b2c3',1795789871444,'{"status":"firing","labels":{"alertname":"ErrorBudgetBurn","severity":"page","service":"storefront","slo":"availability"},"annotations":{"summary":"Errors burn the budget"},"generatorURL":"http://127.0.0.1:9090/graph","fingerprint":"a1b2c3","startsAtMs":1795789870832,"endsAtMs":null,"source":"alertmanager"}');
CREATE TABLE heartbeats (
     name TEXT PRIMARY KEY,
     last_heard_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
INSERT INTO heartbeats VALUES('watchdog',1795789871339);
CREATE TABLE incidents (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     status TEXT NOT NULL,
     last_alert_at_ms INTEGER NOT NULL,
     resolved_at_ms INTEGER,
     document TEXT NOT NULL,
     postmortem TEXT
   ) STRICT;
INSERT INTO incidents VALUES(1,'open',1795789870832,NULL,'{"title":"ErrorBudgetBurn: storefront","severity":"SEV2","status":"open","startedAtMs":1795789870832,"detectedAtMs":1795789871444,"acknowledgedAtMs":1795789875603,"acknowledgedBy":"operator","mitigatedAtMs":null,"resolvedAtMs":null,"lastAlertAtMs":1795789870832,"services":["storefront"],"hypotheses":[{"cause":"service","service":"storefront","instance":null,"flag":null,"summary":"storefront itself is the trouble.","reasons":[{"kind":"topology","weight":1,"text":"Only storefront alerts."},{"kind":"alerts","weight":0.8,"text":"2 alerts of its own."}],"confidence":0.4501660026875221}],"id":1}',NULL);
CREATE TABLE incident_alerts (
     incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
     fingerprint TEXT NOT NULL,
     starts_at_ms INTEGER NOT NULL,
     status TEXT NOT NULL,
     alert TEXT NOT NULL,
     PRIMARY KEY (incident_id, fingerprint, starts_at_ms)
   ) STRICT, WITHOUT ROWID;
INSERT INTO incident_alerts VALUES(1,'a1b2c3',1795789870832,'firing','{"fingerprint":"a1b2c3","alertname":"ErrorBudgetBurn","service":"storefront","severity":"page","source":"alertmanager","labels":{"alertname":"ErrorBudgetBurn","severity":"page","service":"storefront","slo":"availability"},"annotations":{"summary":"Errors burn the budget"},"status":"firing","startsAtMs":1795789870832,"endsAtMs":null,"receivedAtMs":1795789871444,"role":"root"}');
INSERT INTO incident_alerts VALUES(1,'f2',1795789870832,'context','{"fingerprint":"f2","alertname":"Anomaly","service":"storefront","severity":"info","source":"alertmanager","labels":{"alertname":"Anomaly","severity":"info","service":"storefront","slo":"availability","rule":"storefront_latency"},"annotations":{"summary":"Errors burn the budget"},"status":"firing","startsAtMs":1795789870832,"endsAtMs":null,"receivedAtMs":1795789871531,"role":"root"}');
CREATE TABLE incident_timeline (
     id INTEGER PRIMARY KEY,
     incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
     at_ms INTEGER NOT NULL,
     kind TEXT NOT NULL,
     text TEXT NOT NULL,
     action_run_id INTEGER
   ) STRICT;
INSERT INTO incident_timeline VALUES(1,1,1795789871444,'opened','SEV2: ErrorBudgetBurn: storefront',NULL);
INSERT INTO incident_timeline VALUES(2,1,1795789870832,'alert-fired','ErrorBudgetBurn of storefront fires: Errors burn the budget',NULL);
INSERT INTO incident_timeline VALUES(3,1,1795789871532,'escalated','Turn a third of document orders away: refused, confidence is below 80 %: left to people',1);
INSERT INTO incident_timeline VALUES(4,1,1795789870832,'alert-fired','Anomaly of storefront fires: Errors burn the budget',NULL);
INSERT INTO incident_timeline VALUES(5,1,1795789875603,'acknowledged','Acknowledged by operator',NULL);
CREATE TABLE action_runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id INTEGER NOT NULL,
     action TEXT NOT NULL,
     state TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL,
     document TEXT NOT NULL
   , undo TEXT) STRICT;
INSERT INTO action_runs VALUES(1,1,'shed-load','refused',1795789871532,'{"incidentId":1,"action":"shed-load","title":"Turn a third of document orders away","class":"REQUIRES_APPROVAL","mode":"live","confidence":0.4501660026875221,"parameters":{"service":"storefront","alertname":"ErrorBudgetBurn","incident":"1"},"command":"set flag shed-load to third","verification":{"query":"max(nodejs_eventloop_utilization_ratio{job=\"demo/storefront\"}) < 0.9","outcome":null},"approvals":[],"createdAtMs":1795789871532,"dueAtMs":null,"startedAtMs":null,"endedAtMs":1795789871532,"state":"refused","reason":"confidence is below 80 %: left to people"}',NULL);
CREATE TABLE audit_log (
     sequence INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     actor TEXT NOT NULL,
     event TEXT NOT NULL,
     incident_id INTEGER,
     action_run_id INTEGER,
     detail TEXT NOT NULL,
     previous_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
INSERT INTO audit_log VALUES(1,1795789871444,'responder','incident.opened',1,NULL,'{"severity":"SEV2","title":"ErrorBudgetBurn: storefront"}','0000000000000000000000000000000000000000000000000000000000000000','3ecd10f1b88689f7c595570675bc4a06fa21dca1a8c7f0d6c814b7a3553eac20');
INSERT INTO audit_log VALUES(2,1795789871532,'responder','action.refused',1,1,'{"action":"shed-load","mode":"live","command":"set flag shed-load to third","reason":"confidence is below 80 %: left to people","confidence":0.45,"verification":null}','3ecd10f1b88689f7c595570675bc4a06fa21dca1a8c7f0d6c814b7a3553eac20','59707e3b05be480fd04ace26a5f3d6dbda5227d427d8d982680abc37e63e74d8');
INSERT INTO audit_log VALUES(3,1795789875603,'operator','incident.acknowledged',1,NULL,'{}','59707e3b05be480fd04ace26a5f3d6dbda5227d427d8d982680abc37e63e74d8','0597e3f3ff7c4b29671cf8ecc6ef7e15844f1cc19703665546701f0bae05d644');
CREATE TABLE remembered (
     name TEXT PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     document TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
CREATE TABLE analyses (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id INTEGER NOT NULL,
     at_ms INTEGER NOT NULL,
     model TEXT NOT NULL,
     outcome TEXT NOT NULL,
     answer TEXT,
     tokens REAL NOT NULL,
     dollars REAL NOT NULL,
     verdict TEXT
   ) STRICT;
CREATE TABLE closed_sessions (
     session TEXT PRIMARY KEY,
     expires_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('notifications',2);
INSERT INTO sqlite_sequence VALUES('incidents',1);
INSERT INTO sqlite_sequence VALUES('action_runs',1);
CREATE INDEX notifications_by_group ON notifications (receiver, group_key, id);
CREATE INDEX notifications_by_last_delivery ON notifications (last_received_at_ms);
CREATE INDEX notified_alerts_by_name ON notified_alerts (alertname, status, notification_id);
CREATE INDEX firing_alerts_by_age ON firing_alerts (last_heard_at_ms);
CREATE INDEX incidents_by_status ON incidents (status, id);
CREATE INDEX incident_alerts_by_fingerprint ON incident_alerts (fingerprint, incident_id);
CREATE INDEX incident_timeline_by_incident ON incident_timeline (incident_id, at_ms);
CREATE INDEX action_runs_by_incident ON action_runs (incident_id, id);
CREATE INDEX action_runs_by_state ON action_runs (state, id);
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE INDEX analyses_by_incident ON analyses (incident_id, id);
CREATE INDEX analyses_by_age ON analyses (at_ms);
CREATE TABLE findings (
     incident_id INTEGER PRIMARY KEY REFERENCES incidents (id) ON DELETE CASCADE,
     document TEXT NOT NULL
   ) STRICT;
COMMIT;
PRAGMA user_version = 7;
