/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query ConsoleZones($whole: Boolean!) {\n  accounts(first: 100) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        id\n        timeZone\n        archive @include(if: $whole) {\n          state\n          progress\n        }\n      }\n    }\n  }\n}\n\nquery ConsoleStatistics($filter: CallRecordFilter!, $filterBefore: CallRecordFilter!, $groupBy: [CallStatisticsDimension!]!, $timeZone: TimeZone!, $whole: Boolean!) {\n  during: callStatistics(\n    filter: $filter\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    truncated\n    sources {\n      ...ConsoleCounted\n    }\n  }\n  before: callStatistics(\n    filter: $filterBefore\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    sources {\n      ...ConsoleCounted\n    }\n  }\n}\n\nfragment ConsoleCounted on SourceStatus {\n  state\n  errorCode\n  account {\n    id\n    label\n    archive @include(if: $whole) {\n      state\n      progress\n      lastSyncedAt\n    }\n  }\n}\n\nfragment ConsoleSums on CallStatistics {\n  rows {\n    period\n    hourOfDay\n    dayOfWeek\n    group {\n      id\n      label\n    }\n    extension {\n      id\n      label\n    }\n    ...ConsoleFigures\n  }\n  total {\n    ...ConsoleFigures\n  }\n}\n\nfragment ConsoleFigures on CallStatisticsRow {\n  calls\n  answered\n  missed\n  serviceLevel(withinSeconds: 20)\n  median: waitSeconds(percentile: 50)\n  ninetieth: waitSeconds(percentile: 90)\n}": typeof types.ConsoleZonesDocument,
};
const documents: Documents = {
    "query ConsoleZones($whole: Boolean!) {\n  accounts(first: 100) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        id\n        timeZone\n        archive @include(if: $whole) {\n          state\n          progress\n        }\n      }\n    }\n  }\n}\n\nquery ConsoleStatistics($filter: CallRecordFilter!, $filterBefore: CallRecordFilter!, $groupBy: [CallStatisticsDimension!]!, $timeZone: TimeZone!, $whole: Boolean!) {\n  during: callStatistics(\n    filter: $filter\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    truncated\n    sources {\n      ...ConsoleCounted\n    }\n  }\n  before: callStatistics(\n    filter: $filterBefore\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    sources {\n      ...ConsoleCounted\n    }\n  }\n}\n\nfragment ConsoleCounted on SourceStatus {\n  state\n  errorCode\n  account {\n    id\n    label\n    archive @include(if: $whole) {\n      state\n      progress\n      lastSyncedAt\n    }\n  }\n}\n\nfragment ConsoleSums on CallStatistics {\n  rows {\n    period\n    hourOfDay\n    dayOfWeek\n    group {\n      id\n      label\n    }\n    extension {\n      id\n      label\n    }\n    ...ConsoleFigures\n  }\n  total {\n    ...ConsoleFigures\n  }\n}\n\nfragment ConsoleFigures on CallStatisticsRow {\n  calls\n  answered\n  missed\n  serviceLevel(withinSeconds: 20)\n  median: waitSeconds(percentile: 50)\n  ninetieth: waitSeconds(percentile: 90)\n}": types.ConsoleZonesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ConsoleZones($whole: Boolean!) {\n  accounts(first: 100) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        id\n        timeZone\n        archive @include(if: $whole) {\n          state\n          progress\n        }\n      }\n    }\n  }\n}\n\nquery ConsoleStatistics($filter: CallRecordFilter!, $filterBefore: CallRecordFilter!, $groupBy: [CallStatisticsDimension!]!, $timeZone: TimeZone!, $whole: Boolean!) {\n  during: callStatistics(\n    filter: $filter\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    truncated\n    sources {\n      ...ConsoleCounted\n    }\n  }\n  before: callStatistics(\n    filter: $filterBefore\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    sources {\n      ...ConsoleCounted\n    }\n  }\n}\n\nfragment ConsoleCounted on SourceStatus {\n  state\n  errorCode\n  account {\n    id\n    label\n    archive @include(if: $whole) {\n      state\n      progress\n      lastSyncedAt\n    }\n  }\n}\n\nfragment ConsoleSums on CallStatistics {\n  rows {\n    period\n    hourOfDay\n    dayOfWeek\n    group {\n      id\n      label\n    }\n    extension {\n      id\n      label\n    }\n    ...ConsoleFigures\n  }\n  total {\n    ...ConsoleFigures\n  }\n}\n\nfragment ConsoleFigures on CallStatisticsRow {\n  calls\n  answered\n  missed\n  serviceLevel(withinSeconds: 20)\n  median: waitSeconds(percentile: 50)\n  ninetieth: waitSeconds(percentile: 90)\n}"): (typeof documents)["query ConsoleZones($whole: Boolean!) {\n  accounts(first: 100) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    edges {\n      cursor\n      node {\n        id\n        timeZone\n        archive @include(if: $whole) {\n          state\n          progress\n        }\n      }\n    }\n  }\n}\n\nquery ConsoleStatistics($filter: CallRecordFilter!, $filterBefore: CallRecordFilter!, $groupBy: [CallStatisticsDimension!]!, $timeZone: TimeZone!, $whole: Boolean!) {\n  during: callStatistics(\n    filter: $filter\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    truncated\n    sources {\n      ...ConsoleCounted\n    }\n  }\n  before: callStatistics(\n    filter: $filterBefore\n    groupBy: $groupBy\n    timeZone: $timeZone\n    first: 500\n  ) {\n    ...ConsoleSums\n    sources {\n      ...ConsoleCounted\n    }\n  }\n}\n\nfragment ConsoleCounted on SourceStatus {\n  state\n  errorCode\n  account {\n    id\n    label\n    archive @include(if: $whole) {\n      state\n      progress\n      lastSyncedAt\n    }\n  }\n}\n\nfragment ConsoleSums on CallStatistics {\n  rows {\n    period\n    hourOfDay\n    dayOfWeek\n    group {\n      id\n      label\n    }\n    extension {\n      id\n      label\n    }\n    ...ConsoleFigures\n  }\n  total {\n    ...ConsoleFigures\n  }\n}\n\nfragment ConsoleFigures on CallStatisticsRow {\n  calls\n  answered\n  missed\n  serviceLevel(withinSeconds: 20)\n  median: waitSeconds(percentile: 50)\n  ninetieth: waitSeconds(percentile: 90)\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;