import { startTestPostgres, type TestPostgres } from '@aiops-sre/service-kit/testing/test-postgres.ts';
import { Registry } from 'prom-client';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';

/** A real server of its own, with the shop's data in it. */
export async function startShopDatabase() {
  const postgres = await startTestPostgres();
  const database = openDatabase({
    url: postgres.url,
    password: postgres.password,
    poolMax: 10,
    name: 'test',
    registry: new Registry(),
  });
  await migrate(database);
  return {
    postgres,
    database,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

/** Environment of a process that keeps something in this database. */
export function shopIn({ url, passwordFile }: TestPostgres): Record<string, string> {
  return { DATABASE_URL: url, DATABASE_PASSWORD_FILE: passwordFile };
}
