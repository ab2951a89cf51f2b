/**
 * How deployments of the template differ; the defaults are the template's with the newer
 * Doorkeeper.
 */
export interface RailsApiV1Knobs {
  /**
   * Version of Doorkeeper: 4.4.3 in the published document, 5.3.3 in the template today, 5.5 in
   * some deployments.
   */
  readonly doorkeeper: '4' | '5' | '5.5'
  /** Lifetime of an access token; `setAccessTokenSeconds` changes it at run time. */
  readonly accessTokenSeconds: number
  /**
   * When a refresh revokes the token it replaces: at the first use of the new access token (the
   * template has the column `previous_refresh_token`), or at once.
   */
  readonly refreshRevocation: 'on-first-use' | 'immediate'
  /**
   * Scopes of a request without any; null: none under Doorkeeper 4, else `public`, which browser
   * logins require.
   */
  readonly defaultScopes: readonly string[] | null
  /** Spelling of the token type; lower case before Doorkeeper 4.4.3. */
  readonly tokenType: 'Bearer' | 'bearer'
  /** Whether token responses have the template's own `user_id`. */
  readonly userIdInToken: boolean
  /** Fields of another product in the published document: name, nickname and gold. */
  readonly phantomFields: boolean
  /** Only administrators may sign in at `/users/sign_in`. */
  readonly adminOnlyLogin: boolean
  /** Registered redirect URIs; null: every https or loopback address. */
  readonly redirectUris: readonly string[] | null
  /** Each application may only use the flow it is registered for (Doorkeeper 5 and later). */
  readonly flowsPerClient: boolean
}

export const DEFAULT_KNOBS: RailsApiV1Knobs = {
  doorkeeper: '5',
  accessTokenSeconds: 60,
  refreshRevocation: 'on-first-use',
  defaultScopes: null,
  tokenType: 'Bearer',
  userIdInToken: true,
  phantomFields: true,
  adminOnlyLogin: true,
  redirectUris: null,
  flowsPerClient: false,
}

/** The scopes this server has. */
export const scopesOf = ({ defaultScopes, doorkeeper }: RailsApiV1Knobs): readonly string[] =>
  defaultScopes ?? (doorkeeper === '4' ? [] : ['public'])
