import test from 'node:test'

import { conformance } from 'dialgraph/testing'

import { acmePhones } from './index.js'

// What is not claimed passes: `npx dialgraph provider check .` tells it from what is kept.
for (const { id, name, run } of conformance(acmePhones)) void test(`${id}: ${name}`, run)
