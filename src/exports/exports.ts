import { Loop } from '../live/loop.js'
import { ExportTooLarge } from '../store/export-store.js'
import { HeldLease } from '../writes/held-lease.js'
import { FileTooLarge, NotOurs } from './chunk-writer.js'
import type { ExportServices } from './export-services.js'
import { ExportRun } from './export-run.js'
import { stateOf } from './state.js'

/** How soon another process takes over from one that was killed: its lease ends after twenty seconds. */
const LOOK_EVERY_MS = 5_000
const SWEEP_EVERY_MS = 60_000
/** Times that one fails in a row without coming further, before it is given up. */
const MOST_FAILURES = 5
const HOUR_MS = 3_600_000
/** How long an export is known after its file is gone. */
const KNOWN_MS = 7 * 24 * HOUR_MS

/** Makes the files of exports, as far as this process does: each is one process's, over all replicas. */
export class Exports {
  readonly #services: ExportServices
  readonly #ending = new AbortController()
  readonly #running = new Map<string, Promise<void>>()
  readonly #failures = new Map<string, number>()
  readonly #loop: Loop
  #sweptAt = -Infinity

  constructor(services: ExportServices) {
    this.#services = services
    this.#loop = new Loop(() => this.#look(), services.onTrouble, LOOK_EVERY_MS)
  }

  /** Begins to make files, also those that others have left. */
  open(): void {
    this.#loop.wake()
  }

  /** To be called when there is a new export. */
  wake(): void {
    this.#loop.wake()
  }

  /** What is being made goes on later, here or elsewhere. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#loop.stop()
    await Promise.allSettled(this.#running.values())
  }

  async #look(): Promise<number> {
    const { store, clock } = this.#services
    if (clock.monotonic() - this.#sweptAt >= SWEEP_EVERY_MS) {
      await store.expireExports(clock.now())
      await store.forgetExports(clock.now() - KNOWN_MS)
      this.#sweptAt = clock.monotonic()
    }
    for (const { id, workspace } of await store.runningExports()) {
      if (this.#ending.signal.aborted) break
      if (!this.#running.has(id)) await this.#begin(id, workspace)
    }
    return LOOK_EVERY_MS
  }

  /** Does nothing where another process makes it, or this workspace has its turn already. */
  async #begin(id: string, workspace: string): Promise<void> {
    const { store, onMaking } = this.#services
    const slot = await this.#slotOf(workspace)
    if (!slot) return
    // Whatever happens, the slot must not be held on to: nobody else of this workspace would have a turn.
    const lease = await HeldLease.take(store, `export ${id}`).catch((error: unknown) => ({ error }))
    if (!(lease instanceof HeldLease)) {
      await slot.release()
      if (lease) throw lease.error
      return
    }
    const running = this.#run(id).finally(async () => {
      await Promise.all([lease.release(), slot.release()])
      this.#running.delete(id)
      if (this.#running.size === 0) onMaking?.(false)
      this.#loop.wake()
    })
    this.#running.set(id, running)
    if (this.#running.size === 1) onMaking?.(true)
  }

  /** One of the places of a workspace; null while all are taken. */
  async #slotOf(workspace: string): Promise<HeldLease | null> {
    const { store, limits } = this.#services
    for (let place = 0; place < limits.running; place++) {
      const slot = await HeldLease.take(store, `export slot ${place} ${workspace}`)
      if (slot) return slot
    }
    return null
  }

  async #run(id: string): Promise<void> {
    const { store, onTrouble } = this.#services
    const stored = await store.storedExport(id).catch(onTrouble)
    if (stored?.status !== 'RUNNING') return
    const { chunks } = stateOf(stored)
    try {
      await new ExportRun(stored, this.#services, this.#ending.signal).run()
      this.#failures.delete(id)
    } catch (error) {
      if (error instanceof NotOurs || this.#ending.signal.aborted) return
      const isTooLarge = error instanceof FileTooLarge || error instanceof ExportTooLarge
      if (!isTooLarge) onTrouble(error)
      const now = await store.storedExport(id).catch(() => null)
      const hasComeFurther = now !== null && stateOf(now).chunks > chunks
      const failures = hasComeFurther ? 1 : (this.#failures.get(id) ?? 0) + 1
      this.#failures.set(id, failures)
      if (isTooLarge || failures >= MOST_FAILURES) await this.#fail(id, isTooLarge).catch(onTrouble)
      else await this.#services.pause(LOOK_EVERY_MS, this.#ending.signal)
    }
  }

  async #fail(id: string, isTooLarge: boolean): Promise<void> {
    const { store, clock, limits, onEnd } = this.#services
    const stored = await store.storedExport(id)
    if (!stored) return
    const error = isTooLarge ? ('OPERATION_TOO_COMPLEX' as const) : ('INTERNAL_SERVER_ERROR' as const)
    const state = JSON.stringify({ ...stateOf(stored), error })
    const endsAt = clock.now() + limits.keptHours * HOUR_MS
    if (await store.changeExport(id, stored.revision, { status: 'FAILED', state, endsAt }))
      onEnd(stateOf(stored).request.format, 'FAILED')
    this.#failures.delete(id)
  }
}
