/** An API key as it is stored: the key cannot be recovered from it. */
export interface StoredApiKey {
  /** Part of the key, not secret. */
  readonly id: string
  /** Given when the key was created. */
  readonly name: string
  readonly workspace: string
  readonly scopes: readonly string[]
  /** `<account key>/<internal number>` of the person who has it; absent or null for a key that is nobody's. */
  readonly extension?: string | null
  /** SHA-256 of the whole key, base64url. */
  readonly digest: string
  /** Wall-clock ms. */
  readonly createdAt: number
  /** Wall-clock ms; null while the key is valid. */
  readonly revokedAt: number | null
}

/** Stores the API keys created by command. Revoked keys stay, so that they can be listed. */
export interface ApiKeyStore {
  /** Rejects when the id exists. */
  keepApiKey(key: StoredApiKey): Promise<void>
  /** Null when there is none, or it cannot be decrypted: such a key authenticates nobody. */
  apiKey(id: string): Promise<StoredApiKey | null>
  /**
   * All keys, the oldest first; `onUnreadable` is called with the id of each that cannot be
   * decrypted.
   */
  apiKeys(onUnreadable?: (id: string) => void): Promise<readonly StoredApiKey[]>
  /** `at`: wall-clock ms. False when there is no such key, or it is revoked already. */
  revokeApiKey(id: string, at: number): Promise<boolean>
}
