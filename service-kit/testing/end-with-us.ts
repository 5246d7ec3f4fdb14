import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends a server of ours, and deletes its folder, once we are gone without having ended it: killed by a time limit, say. It hears of
 * that by its input, which ends with us.
 */
export function endWithUs(server: ChildProcess, folder: string): void {
  const watch = spawn('/bin/sh', ['-c', END_WITH_PARENT, 'sh', String(server.pid), folder], {
    // Ctrl-C is not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  server.once('exit', () => watch.kill('SIGKILL'));
}

/** An orphan that ended can be counted as running until somebody asks how it ended. */
const END_WITH_PARENT = `
while read -r _; do :; done
kill -QUIT "$1"
tries=0; while kill -0 "$1" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -KILL "$1"
rm -rf "$2"`;
