import { parseGlobalId } from '../model/id.js'
import type { CurrentCall } from '../providers/live.js'
import type { OriginateInput, ReadyInput, TransferInput, WriteProblem } from '../providers/writes.js'
import { mayNot, type Mutation, type Reading } from './mutation.js'
import { notFound } from './named-objects.js'
import { isWritable, ownCalls } from './own-rights.js'
import { withoutNulls } from './said.js'
import { endedCall, placedCall, readCall } from './written-call.js'

interface Keyed {
  readonly idempotencyKey?: string | null
}
export type CallOrigination = OriginateInput & Keyed
export type CallTransfer = TransferInput & Keyed & { readonly id: string }
export type CallHangUp = Keyed & { readonly id: string }

const FROM = { fromExtensionId: 'Extension', fromGroupId: 'Group', fromAutoAttendantId: 'AutoAttendant' } as const

export function callOriginate(input: CallOrigination): Mutation<OriginateInput, ReadyInput<OriginateInput>> {
  const [field, type] = (Object.entries(FROM) as [keyof typeof FROM, (typeof FROM)[keyof typeof FROM]][]).find(
    ([name]) => input[name] != null,
  ) ?? ['fromExtensionId', 'Extension']
  const id = input[field] ?? null
  return {
    ...{ name: 'callOriginate', inputType: 'CallOriginateInput', resource: 'LIVE_CALL', needs: 'ORIGINATE' },
    input: withoutNulls(input),
    where: id === null ? null : { field, id, type },
    targetId: null,
    object: `calls from ${id}`,
    requireRight() {
      if (field !== 'fromExtensionId') mayNot('place calls from anything but its own line')
    },
    writeOf: ({ calls }) => calls?.originate,
    async ready({ loader, bound }, said, named) {
      const from = named.get(id!)
      if (from?.__typename === 'Extension' && !(await isWritable(from, loader, bound)))
        return { problems: [notFound([field])] }
      return { input: said, named }
    },
    readBack: async (read, { callId }) =>
      callId == null ? null : ((await readCall(read, callId)) ?? placedCall(read, callId, input)),
  }
}

export const callTransfer = (
  input: CallTransfer,
): Mutation<TransferInput, ReadyInput<TransferInput> & { readonly call: CurrentCall }> => ({
  ...{ name: 'callTransfer', inputType: 'CallTransferInput', resource: 'LIVE_CALL', needs: 'UPDATE' },
  input: withoutNulls(input),
  where: { field: 'id', id: input.id, type: 'LiveCall' },
  targetId: input.id,
  object: `call ${callIdOf(input.id)}`,
  requireRight: () => {},
  writeOf: ({ calls }) => calls?.transfer,
  async ready(read, said, named) {
    const call = await ownCurrentCall(read, input.id)
    return 'problems' in call ? call : { input: said, named, call }
  },
  readBack: (read) => readCall(read, callIdOf(input.id)),
})

export function callHangUp(input: CallHangUp): Mutation<object, { readonly call: CurrentCall }> {
  let ended: CurrentCall | null = null
  return {
    ...{ name: 'callHangUp', inputType: 'CallHangUpInput', resource: 'LIVE_CALL', needs: 'DELETE' },
    input,
    where: { field: 'id', id: input.id, type: 'LiveCall' },
    targetId: input.id,
    object: `call ${callIdOf(input.id)}`,
    requireRight: () => {},
    writeOf: ({ calls }) => calls?.hangUp,
    async ready(read) {
      const call = await ownCurrentCall(read, input.id)
      if ('problems' in call) return call
      ended = call
      return { call }
    },
    async lookAtObject({ loader }) {
      const { calls, unreadable } = await loader.open().currentCalls!()
      return unreadable === 0 && !calls.some(({ callId }) => callId === callIdOf(input.id)) ? {} : null
    },
    readBack: async (read) => ended && endedCall(read, ended),
  }
}

const callIdOf = (id: string): string => parseGlobalId(id)?.native ?? ''

/** The call as it is now; one of others is answered as one that is over. */
async function ownCurrentCall(
  { loader, bound }: Reading,
  id: string,
): Promise<CurrentCall | { readonly problems: readonly WriteProblem[] }> {
  const isOwn = await ownCalls(loader, bound)
  const { calls } = await loader.open().currentCalls!()
  const call = calls.find((one) => one.callId === callIdOf(id) && isOwn(one))
  return call ?? { problems: [notFound(['id'])] }
}
