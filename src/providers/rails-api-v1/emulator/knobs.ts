/** How a deployment of the template may differ; the defaults are the template's, on the newer Doorkeeper. */
export interface RailsApiV1Knobs {
  /** Version of Doorkeeper: 4.4.3 as in the published document, 5.3.3 as in the template today, 5.5 as some deployments. */
  readonly doorkeeper: '4' | '5' | '5.5'
  /** Lifetime of an access token; `setAccessTokenSeconds` changes it while running. */
  readonly accessTokenSeconds: number
  /**
   * When a refresh kills the token it replaces: at the first use of the new access token (the template has the column
   * `previous_refresh_token`), or at once.
   */
  readonly refreshRevocation: 'on-first-use' | 'immediate'
  /** Scopes given when none are asked for; null: none under Doorkeeper 4, `public` above, where browser logins need one. */
  readonly defaultScopes: readonly string[] | null
  /** How the token type is spelled; lower case before Doorkeeper 4.4.3. */
  readonly tokenType: 'Bearer' | 'bearer'
  /** Whether token answers carry the template's own `user_id`. */
  readonly userIdInToken: boolean
  /** Columns of another product that stand in the published document: name, nickname and gold. */
  readonly phantomFields: boolean
  /** Only administrators may sign in at the pages of `/users/sign_in`. */
  readonly adminOnlyLogin: boolean
  /** Redirect addresses that are registered; null: every https or loopback address. */
  readonly redirectUris: readonly string[] | null
  /** Each application may use the one flow it is registered for (Doorkeeper 5 and above). */
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
