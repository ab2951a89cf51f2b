import { useEffect } from 'react'
import { useSearchParams } from 'wouter'

import { rowId } from './call-row.js'

/** The call that stands in the address. */
export interface OpenCall {
  /** Empty: none is open. */
  readonly openId: string
  close(): void
  /** The address of each call. */
  hrefOf(id: string): string
}

/** The call that stands in the address, which Escape closes. */
export function useOpenCall(): OpenCall {
  const [parameters, setParameters] = useSearchParams()
  const openId = parameters.get('call') ?? ''
  const others = new URLSearchParams(parameters)
  others.delete('call')
  const base = others.toString()
  const close = () => {
    setParameters(base)
    requestAnimationFrame(() => placeAfter(openId)?.focus())
  }
  useEffect(() => {
    if (openId === '') return
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      close()
    }
    document.addEventListener('keydown', closeByKey)
    return () => document.removeEventListener('keydown', closeByKey)
  })
  return { openId, close, hrefOf: (id) => `/calls?${base}${base && '&'}call=${encodeURIComponent(id)}` }
}

/** Where whoever closes a call goes on: at its line; where the list has none, at the first; else at the title. */
const placeAfter = (id: string): HTMLElement | null =>
  document.getElementById(rowId(id)) ??
  document.querySelector<HTMLElement>('.call-line') ??
  document.querySelector<HTMLElement>('h1')
