/** Ids that would be another path, or none, where they are not encoded. */
export const LEADING_ELSEWHERE: readonly string[] = [
  ...['', '.', '..', '../dids', '/dids', '%2e%2e', 'a/../..', '\\', '?a=b', '#a', '\ud800'],
  'x'.repeat(300),
]
