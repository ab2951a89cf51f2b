import { CursorInvalid } from '../errors.js'

/** A reader wants to go on where the log does not reach back to any more. */
export class EventsForgotten extends CursorInvalid {
  constructor() {
    super(
      'The events after this cursor are not kept any more. Ask `liveCalls` for the calls of now, and go on with its `cursor`.',
      'EXPIRED',
    )
  }
}
