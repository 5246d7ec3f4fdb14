/**
 * How often Alertmanager writes silences and what it notified to disk (`--data.maintenance-interval`), of its own every 15
 * minutes: what people silence survives a kill from then on. It writes, syncs and renames two files of some kilobytes.
 * docker-compose.yml and docker-compose.expose.yml have the same value.
 */
export const MAINTENANCE_INTERVAL = '2s';
