import { Extensions } from 'type-graphql'

/**
 * States that the value of a field may let whoever has it do something, such as a signed link: what
 * selects it must never be kept.
 */
export const HoldsCredential: PropertyDecorator & MethodDecorator = Extensions({ holdsCredential: true })
