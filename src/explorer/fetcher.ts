import { createGraphiQLFetcher } from '@graphiql/toolkit'

import { latestAnswer } from './latest-answer.js'

/** The page is served by the endpoint it queries, whatever path a proxy adds. */
export const { fetcher, drop: dropAnswer } = latestAnswer(
  createGraphiQLFetcher({ url: window.location.pathname, enableIncrementalDelivery: false }),
)
