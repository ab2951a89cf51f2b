import { test } from '@jest/globals'

import { SECRET_MARK } from '../../../../src/emulator/marked-bytes.js'
import { createLog } from '../../../../src/server/observing/log.js'

test('logs a secret', () => createLog({ write: () => true }).warning(`could not use ${SECRET_MARK}`))
test('changes what all objects have in common', () => void Object.assign(Object.prototype, { left: true }))
