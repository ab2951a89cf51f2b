import TestSequencer from '@jest/test-sequencer'

/** They run browsers and processes, and wait for deadlines: from a quarter of a minute to a whole one. */
const LONG = [
  'package',
  'console/console',
  'console/live',
  'kit/kit',
  'console/first-look',
  'sandbox/workspaces',
  'console/calls',
  'sandbox/partial',
  'store/store',
  'server/web/explorer',
  'console/statistics',
  'auth/processes',
  'ipex/conformance',
  'console/calls-faults',
  'freepbx/conformance-17',
  'calls/restart',
  'store/event-log-postgres',
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
