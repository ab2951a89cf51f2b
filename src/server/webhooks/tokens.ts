import { createHmac, timingSafeEqual } from 'node:crypto'

import { keysFor } from '../../signed-text.js'

/** Whose token it is: another workspace that takes the same key gets another one. */
export interface TokenHolder {
  readonly key: string
  readonly workspace: string
}

/**
 * The secrets in the addresses of webhooks. Nothing is stored: each is an HMAC of the account, so it
 * outlives restarts and is the same at every replica.
 */
export interface WebhookTokens {
  /** 32 bytes, base64url; made with the first key. */
  of(account: TokenHolder): string
  /** Whether any of the keys made this token for the account; takes the same time for any token. */
  matches(account: TokenHolder, token: string): boolean
}

const TOKEN_BYTES = 32
const TOKEN_LENGTH = 43
const NO_TOKEN = Buffer.alloc(TOKEN_BYTES)

/** Without keys the tokens are random: good for this process alone. */
export function webhookTokens(signingKeys: readonly Buffer[]): WebhookTokens {
  const keys = keysFor('dialgraph webhooks', signingKeys)
  const bytesOf = (key: Buffer, account: TokenHolder): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([account.workspace, account.key]))
      .digest()
  return {
    of: (account) => bytesOf(keys[0], account).toString('base64url'),
    matches(account, token) {
      const presented = read(token)
      // All keys, whichever of them it is, and also for what cannot be a token.
      const found = keys.map((key) => timingSafeEqual(presented ?? NO_TOKEN, bytesOf(key, account)))
      return presented !== null && found.includes(true)
    },
  }
}

/** Null for what is none of our tokens; one token has one spelling. */
function read(text: string): Buffer | null {
  if (text.length !== TOKEN_LENGTH) return null
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === TOKEN_BYTES && bytes.toString('base64url') === text ? bytes : null
}
