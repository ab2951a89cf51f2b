/** Follows calls, with what a board shows of each event. */
export const EVENTS = `subscription ($resumeAfter: String, $extensionIds: [ID!]) {
  callEvents(resumeAfter: $resumeAfter, extensionIds: $extensionIds) {
    id cursor type live inferred call { id state currentTarget { ... on Dialable { displayNumber } } }
  }
}`

/** The calls of now, and which accounts were asked. */
export const NOW = `{ liveCalls { cursor nodes { id state providerCallId } sources { account { key } state message } } }`

/** A result of `EVENTS`. */
export interface Event {
  readonly data: {
    readonly callEvents: {
      readonly id: string
      readonly cursor: string
      readonly type: string
      readonly live: boolean
      readonly inferred: boolean
      readonly call: { readonly id: string; readonly state: string; readonly currentTarget: unknown }
    } | null
  }
  readonly errors?: readonly { readonly extensions: Readonly<Record<string, unknown>> }[]
}

/** The answer to `NOW`. */
export interface Now {
  readonly data: {
    readonly liveCalls: {
      readonly cursor: string
      readonly nodes: readonly { readonly id: string; readonly state: string; readonly providerCallId: string }[]
      readonly sources: readonly unknown[]
    }
  }
}
