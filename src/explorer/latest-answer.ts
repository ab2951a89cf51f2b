import { isAsyncIterable, type Fetcher, type FetcherReturnType } from '@graphiql/toolkit'

/**
 * A fetcher whose answers can be dropped: GraphiQL shows an answer that is late, and the events of
 * a subscription, below whatever the tab holds by then.
 */
export function latestAnswer(fetcher: Fetcher): { fetcher: Fetcher; drop: () => void } {
  let round = 0
  return {
    drop: () => void (round += 1),
    async fetcher(...question) {
      const began = round
      const isDropped = () => began !== round
      const answer = await fetcher(...question)
      if (isDropped()) return new Promise<never>(() => {})
      return isAsyncIterable(answer) ? (until(answer, isDropped) as FetcherReturnType) : answer
    },
  }
}

async function* until<T>(events: AsyncIterable<T>, isOver: () => boolean): AsyncIterable<T> {
  for await (const event of events) {
    if (isOver()) return
    yield event
  }
}
