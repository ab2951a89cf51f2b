import { useRef } from 'react'

import type { ConsoleWriteErrorFragment } from './generated/graphql.js'

/** Names one wish of a person, so that it is done once. Where a page is not secure `randomUUID` is not there. */
export const newWish = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The wish that a form stands for: the same for as long as nothing in it is changed, so that sent twice over a bad line it is done once. */
export function useWish(forget: () => void) {
  const key = useRef(newWish())
  const renew = () => {
    key.current = newWish()
  }
  return {
    key: () => key.current,
    /** Sets something in the form, which then stands for another wish; what was wrong is forgotten. */
    changed:
      <Value>(set: (value: Value) => void) =>
      (value: Value) => {
        renew()
        forget()
        set(value)
      },
    /** What was refused may be tried again; what is under way still is the same wish. */
    refused(userErrors: readonly ConsoleWriteErrorFragment[] | undefined) {
      if (userErrors && !userErrors.some(({ code }) => code === 'IN_PROGRESS')) renew()
    },
  }
}
