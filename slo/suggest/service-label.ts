import { createHash } from 'node:crypto';

const LONGEST = 45;
const DIGEST_LENGTH = 6;

/**
 * A DNS label for a service of any name: itself where it is one and short, else what is left of it and some of its digest, so
 * that two services never share one.
 */
export function serviceLabel(service: string): string {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(service) && service.length <= LONGEST) return service;
  const digest = createHash('sha256').update(service).digest('hex').slice(0, DIGEST_LENGTH);
  const plain = service
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST - DIGEST_LENGTH - 1)
    .replace(/^-+|-+$/g, '');
  return `${plain === '' ? 'service' : plain}-${digest}`;
}
