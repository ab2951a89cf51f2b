import type { Scope } from '../../graphql/scope.js'
import type { BoundExtension } from '../../loaders/loaders.js'
import type { Secret } from '../../secret.js'

/** `callers` of the configuration: who may query. */
export interface CallersConfig {
  readonly apiKeys: readonly ConfiguredKey[]
  readonly jwt: TokenIssuer | null
}

/** One of `callers.apiKeys`. */
export interface ConfiguredKey {
  readonly name: string
  readonly key: Secret
  readonly workspace: string
  readonly scopes: readonly Scope[]
  /** The extension of the person who has the key; null for a key that is nobody's. */
  readonly extension: BoundExtension | null
}

/** `callers.jwt`: the login service whose tokens are accepted. */
export interface TokenIssuer {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string
  /** Claim that names the workspace. */
  readonly workspaceClaim: string
  /** Claim with the scopes: words with spaces between them, or a list. */
  readonly scopesClaim: string
  /** Claim with the person's extension, as `<account key>/<number>`; null: tokens name none. */
  readonly extensionClaim: string | null
}
