/** What the store of the bench is sealed with. */
export const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64')

/** A configuration that serves the archive in a file, of an account whose provider cannot be reached. */
export const servedArchive = (file: string) => ({
  server: { port: 0 },
  store: { url: `sqlite:${file}`, encryptionKeys: [ENCRYPTION_KEY] },
  accounts: [
    {
      id: 'bench',
      provider: 'bulutfon',
      // Nobody listens there.
      urls: { api: 'http://127.0.0.1:9' },
      auth: { flow: 'static_token', token: 'token-of-the-bench' },
      archive: { since: 'P90D' },
    },
  ],
})
