import TestSequencer from '@jest/test-sequencer'

/** They run processes and wait for deadlines, most of half a minute each. */
const LONG = [
  'store/store',
  'server/web/explorer',
  'server/live/sequence',
  'sandbox/partial',
  'calls/restart',
  'sandbox/own-extension',
  'sandbox/left-out',
  'graphql/execution/failures',
  'server/web/slow-clients',
  'auth/processes',
  'store/event-log',
  'calls/walk',
  'server/web/other-origin-browser',
  'server/logins/link',
  'sandbox/fields',
  'server/rolling-restart',
  'commands/cli',
]

/**
 * Begins with the suites that take longest, so that the others fill the time until they are done. Jest itself knows them only where it
 * has run them before; elsewhere it takes a short file for a short suite.
 */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const isLong = ({ path }) => LONG.some((name) => path.endsWith(`/${name}.test.ts`))
    const sorted = super.sort(tests)
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))]
  }
}
