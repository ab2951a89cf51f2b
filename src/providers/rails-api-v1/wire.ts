/** JSON of Rails API v1; `?` marks keys that only some deployments have. */

/** `GET /api/v1/users/:id`: the owner of the token, whatever the id. */
export interface WireUser {
  id: number
  email: string
  role: string
  /** UTC with milliseconds. */
  created_at: string
  updated_at: string
  /** Empty text where nothing was entered. */
  name?: string | null
  nickname?: string | null
  /** From another product whose fields got into the documentation; not read. */
  gold_to_send?: number | null
  gold_received?: number | null
}

/** What the token endpoint adds to a token response of RFC 6749. */
export interface WireTokenExtras {
  user_id?: number
}
