import type { Fetcher } from '@graphiql/toolkit'

/**
 * A fetcher whose answers can be dropped: GraphiQL shows an answer that is late below whatever the
 * tab holds by then.
 */
export function latestAnswer(fetcher: Fetcher): { fetcher: Fetcher; drop: () => void } {
  let round = 0
  return {
    drop: () => void (round += 1),
    async fetcher(...question) {
      const began = round
      const answer = await fetcher(...question)
      return began === round ? answer : new Promise<never>(() => {})
    },
  }
}
