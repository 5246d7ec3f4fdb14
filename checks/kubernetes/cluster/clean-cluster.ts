import { helm, kubectl, NAMESPACE, PATIENTS } from './cluster-under-test.ts';

/** Sees that the cluster answers and has nothing of these tests in it, and leaves it so, however they end. */
export default async function setup(): Promise<() => Promise<void>> {
  const found = await kubectl('get', 'namespace', NAMESPACE, PATIENTS, '--ignore-not-found', '--output=name');
  if (found !== '')
    throw new Error(
      `${found.replace('\n', ', ')}: there already; another run, or one that was killed, has made it`,
    );
  return async () => {
    await helm('uninstall', '--ignore-not-found', '--wait');
    await kubectl('delete', 'namespace', NAMESPACE, PATIENTS, '--ignore-not-found', '--timeout=5m');
  };
}
