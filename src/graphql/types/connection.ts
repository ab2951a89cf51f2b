import { Field, Int, ObjectType } from 'type-graphql'

import type { ListPage, Position } from '../../loaders/lists/list-page.js'
import type { ListReading } from '../../loaders/lists/list-reading.js'
import type { Listed } from '../../loaders/lists/listing.js'
import { SignedPageInfo } from '../../loaders/signed-page-info.js'
import { PageInfo } from '../../model/page-info.js'
import { CountPrecision, SourceStatus } from '../../model/source-status.js'

/** Belongs to the description of every `nodes`. */
export const ONLY_EDGES_JOIN = 'To join pages select `edges`: Relay and Apollo Client join those only.'

/** Descriptions of the fields that every connection has. */
export const DESCRIPTIONS = {
  cursor: 'Given as `after`, goes on behind this one.',
  edges: 'The objects of this page, each with its cursor.',
  nodes: `The objects of this page. ${ONLY_EDGES_JOIN}`,
} as const

/** Signs a position as a cursor that works for this list only. */
export type SignPosition = (position: unknown) => string

/** An edge whose cursor is signed only when it is selected. */
export class CursorEdge<T> {
  readonly #position: unknown
  readonly #sign: SignPosition

  constructor(
    readonly node: T,
    position: unknown,
    sign: SignPosition,
  ) {
    this.#position = position
    this.#sign = sign
  }

  get cursor(): string {
    return this.#sign(this.#position)
  }
}

/**
 * A page of any list. Not in the schema: its subclasses are, each with edges and nodes of its own
 * type.
 */
@ObjectType({ description: 'A page of a list.' })
export abstract class PagedConnection<T, P = Position> {
  constructor(
    protected readonly slice: Omit<ListPage<T>, 'positions'> & { readonly positions: readonly P[] },
    protected readonly sign: SignPosition,
  ) {}

  @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
  pageInfo(): PageInfo {
    const { positions, hasNextPage, hasPreviousPage } = this.slice
    const cursor = (at: 0 | -1) => (positions.length === 0 ? null : this.sign(positions.at(at)))
    return new SignedPageInfo(hasNextPage, hasPreviousPage, cursor)
  }

  protected cursorEdges(): readonly CursorEdge<T>[] {
    return this.slice.items.map((item, at) => new CursorEdge(item, this.slice.positions[at], this.sign))
  }
}

/** A page of a list read from providers, with the total and how each account contributed. */
@ObjectType({ description: 'A page of a list read from providers.' })
export abstract class SourcedConnection<T extends Listed> extends PagedConnection<T> {
  constructor(
    slice: ListPage<T>,
    sign: SignPosition,
    protected readonly reading: ListReading<T>,
  ) {
    super(slice, sign)
  }

  @Field(() => Int, { nullable: true, description: 'How many there are in all; null when nobody knows.' })
  async totalCount(): Promise<number | null> {
    return (await this.reading.count()).total
  }

  @Field(() => CountPrecision, {
    nullable: true,
    description: 'How far totalCount can be trusted; null when there is none.',
  })
  async countPrecision(): Promise<CountPrecision | null> {
    const { total, exact } = await this.reading.count()
    if (total === null) return null
    return exact ? CountPrecision.EXACT : CountPrecision.AT_LEAST
  }

  @Field(() => [SourceStatus], { description: 'How each account that was asked contributed.' })
  sources(): Promise<readonly SourceStatus[]> {
    return this.reading.statuses()
  }
}
