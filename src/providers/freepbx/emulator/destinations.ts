import type { Tables } from './tables.js'

/**
 * How the API shows a destination of the dialplan: the category, a colon, the label. Null where its
 * target is not there, and where there is none. Source: wire contract, "Destinations".
 */
export function destinationText(destination: string, tables: Tables): string | null {
  const [context = '', key = ''] = destination.split(',')
  const userName = (number: string) => tables.users.get(number)?.name
  switch (context) {
    case 'from-did-direct': {
      const name = userName(key)
      // The space after the colon is theirs.
      return name === undefined ? null : `Extensions: ${key} ${name}`
    }
    case 'ext-local': {
      const [, kind = '', number = ''] = /^vm([busi])(\d+)$/.exec(key) ?? []
      const name = userName(number)
      return name === undefined ? null : `Voicemail:${number} ${name} (${MAILBOX[kind]})`
    }
    case 'ext-group': {
      const group = tables.groups.find(({ number }) => number === key)
      return group ? `Ring Groups:${key} ${group.description}` : null
    }
    case 'ext-queues': {
      const queue = tables.queues.find(({ extension }) => extension === key)
      return queue ? `Queues:${key} ${queue.name}` : null
    }
    case 'app-blackhole':
      return 'Terminate Call:Hangup'
    case 'timeconditions':
      return 'Time Conditions:Mesai: hafta içi'
    case 'ext-miscdests':
      return 'Misc Destinations:Cep telefonu'
    default: {
      const [, id] = /^ivr-(\d+)$/.exec(context) ?? []
      const menu = tables.menus.find((one) => String(one.id) === id)
      return menu ? `IVR:${menu.name}` : null
    }
  }
}

const MAILBOX: Readonly<Record<string, string>> = {
  b: 'Busy Message',
  u: 'Unavailable Message',
  s: 'No Message',
  i: 'Instructions Only',
}
