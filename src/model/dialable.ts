import { InterfaceType } from 'type-graphql'

/** Its fields are edges: each type has its own way to a name and a number. */
@InterfaceType({
  description: 'What a call can be sent to or come from, as a person would name it.',
  resolveType: ({ __typename }: { __typename: string }) => __typename,
})
export abstract class Dialable {
  readonly __typename!: string
}
