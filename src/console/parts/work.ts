import { createContext, useContext, useEffect, useRef, useState } from 'react'

/** Tells the dialog around whether it must stay. */
export const DialogHold = createContext<(isHeld: boolean) => void>(() => {})

/** Something that a person begins by a press, and whether it is under way. */
export interface Work {
  readonly isBusy: boolean
  start(): void
}

/** Does it once at a time, however often it is pressed; a dialog stays until it is known how it went. */
export function useWork(work: () => Promise<void>): Work {
  const hold = useContext(DialogHold)
  const isUnderWay = useRef(false)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    hold(isBusy)
    return () => hold(false)
  }, [hold, isBusy])
  const start = () => {
    if (isUnderWay.current) return
    isUnderWay.current = true
    setBusy(true)
    void work().finally(() => {
      isUnderWay.current = false
      setBusy(false)
    })
  }
  return { isBusy, start }
}
