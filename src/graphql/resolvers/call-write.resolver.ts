import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { LiveCall } from '../../model/live-call.js'
import { callHangUp, callOriginate, callTransfer } from '../../writes/call-mutations.js'
import type { Written } from '../../writes/write.js'
import { requireWrites, type Context } from '../context.js'
import { Cost } from '../limits/cost.js'
import { Needs } from '../needs.js'
import {
  CallHangUpInput,
  CallOriginateInput,
  CallOriginatePayload,
  CallTransferInput,
  LiveCallPayload,
} from '../types/provider-write.js'

@Resolver(() => LiveCall)
export class CallWriteResolver {
  @Needs('telephony:write')
  @Cost({ requests: 6 })
  @Mutation(() => CallOriginatePayload, {
    nullable: true,
    description:
      'Rings the extension (or group, or menu), then calls the number and joins the two. Needs the scope telephony:write.',
  })
  async callOriginate(
    @Ctx() context: Context,
    @Arg('input', () => CallOriginateInput, { description: 'The call.' }) input: CallOriginateInput,
  ): Promise<CallOriginatePayload> {
    const { isDone, object, errors } = await requireWrites(context)(callOriginate(input))
    return { accepted: isDone, call: object as LiveCall | null, userErrors: errors }
  }

  @Needs('telephony:write')
  @Cost({ requests: 9 })
  @Mutation(() => LiveCallPayload, { nullable: true, description: 'Moves a call. Needs the scope telephony:write.' })
  async callTransfer(
    @Ctx() context: Context,
    @Arg('input', () => CallTransferInput, { description: 'Which call, and where to.' }) input: CallTransferInput,
  ): Promise<LiveCallPayload> {
    return callPayload(await requireWrites(context)(callTransfer(input)))
  }

  @Needs('telephony:write')
  @Cost({ requests: 5 })
  @Mutation(() => LiveCallPayload, { nullable: true, description: 'Ends a call. Needs the scope telephony:write.' })
  async callHangUp(
    @Ctx() context: Context,
    @Arg('input', () => CallHangUpInput, { description: 'Which call.' }) input: CallHangUpInput,
  ): Promise<LiveCallPayload> {
    return callPayload(await requireWrites(context)(callHangUp(input)))
  }
}

const callPayload = ({ object, errors }: Written): LiveCallPayload => ({
  call: object as LiveCall | null,
  userErrors: errors,
})
