/** What the workloads ask. Every server that is measured gets these to the letter. */

/** Nothing that anybody must be asked for. */
export const TRIVIAL = /* GraphQL */ `
  query Trivial {
    __typename
  }
`

/** Of one account: who it is, its numbers, and where each of them rings. */
export const NUMBERS = /* GraphQL */ `
  query Numbers($id: ID!, $first: Int!, $status: [DidStatus!]) {
    account(id: $id) {
      id
      label
      profile {
        name
        status
        plan
      }
      dids(first: $first, filter: { statuses: $status }) {
        totalCount
        nodes {
          id
          number
          status
          destination {
            __typename
            ... on Extension {
              id
              number
              displayName
            }
            ... on Group {
              id
              name
            }
          }
        }
      }
    }
  }
`

/** Numbers with what the list does not tell of them. */
export const HOURS = /* GraphQL */ `
  query Hours($id: ID!, $first: Int!) {
    account(id: $id) {
      id
      dids(first: $first) {
        nodes {
          id
          number
          businessHours {
            enabled
            timeZone
            days {
              day
              open
              intervals {
                start
                end
              }
            }
          }
          destination {
            __typename
            ... on Extension {
              displayName
            }
            ... on Group {
              name
            }
          }
        }
      }
    }
  }
`

/** Fifteen fields of many calls. */
export const CALLS = /* GraphQL */ `
  query Calls($first: Int!) {
    callRecords(first: $first) {
      totalCount
      nodes {
        id
        kind
        direction
        startedAt
        answeredAt
        endedAt
        durationSeconds
        waitSeconds
        talkSeconds
        disposition
        nativeHangupCause
        hangupParty
        caller {
          number
        }
        callee {
          number
        }
        cost {
          amount
        }
      }
    }
  }
`

/** Calls of several accounts. */
export const MERGED = /* GraphQL */ `
  query Merged($first: Int!) {
    callRecords(first: $first) {
      totalCount
      nodes {
        id
        startedAt
        direction
        disposition
        durationSeconds
        caller {
          number
        }
        callee {
          number
        }
        account {
          label
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`

/** Numbers of several accounts. */
export const OVERVIEW = /* GraphQL */ `
  query Overview($accounts: Int!, $first: Int!) {
    accounts(first: $accounts) {
      nodes {
        label
        profile {
          status
        }
        dids(first: $first) {
          nodes {
            number
            destination {
              __typename
              ... on Extension {
                displayName
              }
              ... on Group {
                name
              }
            }
          }
        }
      }
    }
  }
`
