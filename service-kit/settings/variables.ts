import { z } from 'zod';

export const numberBetween = (minimum: number, maximum: number) => {
  const message = `expected a number from ${minimum} to ${maximum}`;
  return z.coerce.number(message).min(minimum, message).max(maximum, message);
};

export const wholeNumberBetween = (minimum: number, maximum: number) =>
  numberBetween(minimum, maximum).int('expected a whole number');

/** 0 takes a free one. */
export const port = wholeNumberBetween(0, 65_535);

/** Without slashes at its end. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
  .transform((url) => url.replace(/\/+$/, ''));

/** URLs separated by commas. */
export const httpUrls = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
  )
  .pipe(z.array(httpUrl).min(1).max(64));

/** Host names separated by commas. */
export const hostNames = z
  .string()
  .regex(/^[\w.-]+(\s*,\s*[\w.-]+)*$/, 'expected host names, separated by commas')
  .transform((list) => list.split(',').map((name) => name.trim()));

export const flag = z.stringbool('expected true or false');

/** A shared secret that is sent as a bearer token: nothing that could be guessed is taken. */
export const token = z.string().regex(/^[\x21-\x7e]{16,}$/, 'expected at least 16 characters without spaces');

export const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

export const timeZone = z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether `url` stays on this host. */
export function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}
