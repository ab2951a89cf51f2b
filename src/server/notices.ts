/** What the log says while the store cannot be reached. */
export const STORE_IS_AWAY =
  'Live calls, archives, and the record of changes: the store cannot be read or written now. They go on when it can.'

/** What the log says where two servers would write to one file. */
export const SERVES_ALREADY =
  'another server serves from the same SQLite file, which is made for one: give both a PostgreSQL in store.url'
