import { registerEnumType } from 'type-graphql'

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest or first in the alphabet.' },
    DESC: { description: 'Largest, latest or last in the alphabet.' },
  },
})
