import { AppError } from '../errors.js'

/** How many requests to providers one operation may still cause, over all its accounts. */
export interface Budget {
  /**
   * Called right before a request is sent.
   *
   * @throws AppError OPERATION_TOO_COMPLEX when none is left; the request must not be sent then.
   */
  spend(): void
}

export function requestBudget(limit: number): Budget {
  let left = limit
  return {
    spend() {
      if (left <= 0) {
        throw new AppError(
          'OPERATION_TOO_COMPLEX',
          'This operation needs more requests to providers than one may cause. Ask for smaller pages, or for fewer fields that cost a request for each object.',
        )
      }
      left -= 1
    },
  }
}
