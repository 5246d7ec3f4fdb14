import { Transform, type TransformCallback } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';

export class BodyTooLargeError extends Error {}

/**
 * Passes a body on unchanged while it is within bounds, as sent and as inflated: a chunk goes on once it was inflated and
 * counted, and nothing of it is kept. Ends with a {@link BodyTooLargeError}, or with zlib's error where it is no gzip.
 */
export class BoundedBody extends Transform {
  readonly #maxBytes: number;
  readonly #gunzip: Gunzip | undefined;
  #bytes = 0;
  #inflatedBytes = 0;

  constructor(options: {
    readonly gzip: boolean;
    readonly maxBodyBytes: number;
    readonly maxInflatedBytes: number;
  }) {
    super();
    this.#maxBytes = options.maxBodyBytes;
    if (!options.gzip) return;
    this.#gunzip = createGunzip()
      .on('error', (error) => this.destroy(error))
      .on('data', (chunk: Buffer) => {
        this.#inflatedBytes += chunk.length;
        if (this.#inflatedBytes > options.maxInflatedBytes)
          this.destroy(new BodyTooLargeError(`expected at most ${options.maxInflatedBytes} bytes inflated`));
      });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) done(new BodyTooLargeError(`expected at most ${this.#maxBytes} bytes`));
    else if (this.#gunzip) this.#gunzip.write(chunk, () => this.destroyed || done(null, chunk));
    else done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    if (this.#gunzip) this.#gunzip.end(() => done());
    else done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#gunzip?.destroy();
    done(error);
  }
}
