import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'

import type { ListPage } from '../../loaders/lists/list-page.js'
import { Account } from '../../model/account.js'
import { AuthorizationStatus } from '../../model/authorization.js'
import { DESCRIPTIONS, PagedConnection, type CursorEdge, type SignPosition } from './connection.js'

@ObjectType({ simpleResolvers: true, description: 'An account in its place in a list.' })
export class AccountEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => Account, { description: 'The account.' })
  readonly node!: Account
}

@ObjectType({ description: 'A page of accounts.' })
export class AccountConnection extends PagedConnection<Account> {
  readonly #total: number

  constructor(slice: ListPage<Account>, sign: SignPosition, total: number) {
    super(slice, sign)
    this.#total = total
  }

  @Field(() => [AccountEdge], { description: DESCRIPTIONS.edges })
  edges(): readonly CursorEdge<Account>[] {
    return this.cursorEdges()
  }

  @Field(() => [Account], { description: DESCRIPTIONS.nodes })
  nodes(): readonly Account[] {
    return this.slice.items
  }

  @Field(() => Int, { description: 'How many accounts there are in all.' })
  totalCount(): number {
    return this.#total
  }
}

@InputType({ description: 'Which accounts to list; every field narrows the list.' })
export class AccountFilter {
  @Field(() => [ID], { nullable: true, description: 'Only these accounts.' })
  readonly ids?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same by the keys the accounts have in the configuration, for whoever writes the query by hand.',
  })
  readonly keys?: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'Only accounts at these providers, by slug.' })
  readonly providers?: readonly string[] | null

  @Field(() => [AuthorizationStatus], {
    nullable: true,
    description: 'Only accounts whose login is in one of these states.',
  })
  readonly authorizationStatuses?: readonly AuthorizationStatus[] | null
}
