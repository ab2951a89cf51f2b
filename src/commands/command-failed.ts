import { EXIT } from './exit-codes.js'

/** A command did not do what it was asked for; its message says why, and what to do. */
export class CommandFailed extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.fixable,
  ) {
    super(message)
  }
}
