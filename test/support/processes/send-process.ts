import { systemClock } from '../../../src/clock.js'
import { ProviderError } from '../../../src/errors.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { createSender } from '../../../src/http/wire/send.js'

/** Requests each address of its arguments, and prints the results as one list. */
const sender = createSender(defaultHttpLimits, systemClock)
const outcomes: (string | number)[] = []
for (const url of process.argv.slice(2)) {
  outcomes.push(
    await sender.send({ method: 'GET', url, headers: {} }).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof ProviderError ? `${error.code} ${error.reason}` : String(error)),
    ),
  )
}
await sender.close()
process.stdout.write(JSON.stringify(outcomes))
