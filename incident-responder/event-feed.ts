/** Something that a page may want to read again; it holds no content, so that nothing is sent to who may not read it. */
interface ResponderEvent {
  readonly topic: 'notification' | 'incident' | 'action' | 'audit';
  /** Of the incident, the action run; the sequence of the audit entry; the notification. */
  readonly id: number;
}

export interface EventFeed {
  publish(event: ResponderEvent): void;
  /** @returns ends the subscription */
  subscribe(listener: (event: ResponderEvent) => void): () => void;
}

/** What changes in the responder, told to whoever listens: after it is stored, in order, within the process. */
export function createEventFeed(): EventFeed {
  const listeners = new Set<(event: ResponderEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
