const ACCESS_KEY = 'platform';

/**
 * How an object storage of one's own knows its one user, and how Thanos, Loki and Tempo log in there: AWS' form, which all three
 * read by AWS_SHARED_CREDENTIALS_FILE.
 *
 * @returns contents by name of file
 */
export const objectStorageFiles = (
  secretKey: string,
): Readonly<Record<'credentials' | 's3.json', string>> => ({
  credentials: `[default]\naws_access_key_id = ${ACCESS_KEY}\naws_secret_access_key = ${secretKey}\n`,
  's3.json': `${JSON.stringify({
    identities: [
      {
        name: ACCESS_KEY,
        credentials: [{ accessKey: ACCESS_KEY, secretKey }],
        actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'],
      },
    ],
  })}\n`,
});
