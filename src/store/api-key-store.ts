/** An API key as it is kept: nobody can make the key again from what stands here. */
export interface StoredApiKey {
  /** Part of the key itself, and no secret. */
  readonly id: string
  /** What its maker called it. */
  readonly name: string
  readonly workspace: string
  readonly scopes: readonly string[]
  /** SHA-256 of the whole key, base64url. */
  readonly digest: string
  /** Wall-clock ms. */
  readonly createdAt: number
  /** Wall-clock ms; null while it is good. */
  readonly revokedAt: number | null
}

/** Where API keys are kept that were made by command. A revoked one stays, so that a list can tell of it. */
export interface ApiKeyStore {
  /** Throws when there is one of this id. */
  keepApiKey(key: StoredApiKey): Promise<void>
  /** Null when there is none, or what is kept of it does not open: a key that cannot be read opens nothing. */
  apiKey(id: string): Promise<StoredApiKey | null>
  /** All of them, the oldest first; `onUnreadable` hears the id of each that does not open. */
  apiKeys(onUnreadable?: (id: string) => void): Promise<readonly StoredApiKey[]>
  /** False when there is none, or it was revoked before. */
  revokeApiKey(id: string, at: number): Promise<boolean>
}
