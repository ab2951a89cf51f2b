/**
 * JSON of Postacell: the API with tokens (Django REST framework) and the older SMS gateway.
 * Unchecked: the mappers validate.
 */

/** `GET /v1/email/list-filter/`, page by page. */
export interface WireListPage {
  readonly count: number
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly WireList[]
}

/** A list of e-mail subscribers. */
export interface WireList {
  /** 24 hexadecimal digits. */
  readonly id: string
  readonly title: string
  /** The customer; the same as in the token. */
  readonly user_id: number
  /** Subscribers with a valid address. */
  readonly valid: number
  readonly update_date: string
  readonly create_date: string
}

/** `POST /json/reply/GetBalance` of the gateway; failures have status 200, too. */
export interface WireBalance {
  readonly Response: {
    /** Message credits, not money. */
    readonly Balance?: { readonly Limit: number; readonly Main: number }
    readonly Status: { readonly Code: number; readonly Description: string }
  }
}
