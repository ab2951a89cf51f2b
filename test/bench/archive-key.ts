/** What the store of the bench is sealed with. */
export const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64')
