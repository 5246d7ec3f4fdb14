import type { RequestHandler, Response } from 'express';
import type { EventFeed } from '../event-feed.ts';

const MAX_READERS = 100;
const KEEP_ALIVE_MS = 15_000;
const MAX_UNSENT_BYTES = 65_536;

export interface EventStream {
  readonly handler: RequestHandler;
  close(): void;
}

/**
 * Server-sent events: what changed, never its content. A reader that takes nothing is let go; browsers come back by
 * themselves, and read the page again then.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventStream({ events }: { readonly events: EventFeed }): EventStream {
  const readers = new Set<Response>();
  const send = (text: string) => {
    for (const reader of readers)
      if (reader.writableLength > MAX_UNSENT_BYTES) reader.destroy();
      else reader.write(text);
  };
  const unsubscribe = events.subscribe(({ topic, id }) => send(`event: ${topic}\ndata: ${id}\n\n`));
  const timer = setInterval(() => send(': still here\n\n'), KEEP_ALIVE_MS);
  timer.unref();

  return {
    handler(request, response) {
      if (readers.size >= MAX_READERS) {
        response
          .status(503)
          .set('Retry-After', '10')
          .json({ error: `more than ${MAX_READERS} pages follow already` });
        return;
      }
      response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.flushHeaders();
      response.write('retry: 2000\n\n');
      readers.add(response);
      request.on('close', () => readers.delete(response));
    },
    close() {
      unsubscribe();
      clearInterval(timer);
      for (const reader of readers) reader.end();
    },
  };
}
