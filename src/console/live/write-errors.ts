import { catalogue } from '../words/catalogue.js'

/** Why nothing was done with a call, by the code of the graph. */
export const writeErrors = catalogue({
  en: {
    INVALID: 'Something is missing, or cannot be used.',
    TAKEN: 'Another call has this already.',
    NOT_FOUND: 'There is no such call or line any more.',
    CAPABILITY_UNSUPPORTED: 'This phone system cannot do that.',
    CONFLICT: 'The call has changed meanwhile, or it is not clear which call is meant.',
    IDEMPOTENCY_KEY_REUSED: 'This was asked differently before. Try again.',
    IN_PROGRESS: 'This is under way already.',
    PROVIDER_REJECTED: 'The phone system refused it.',
    OUTCOME_UNKNOWN: 'It was sent, but no answer came. It may have happened.',
    PROVIDER_UNAVAILABLE: 'The phone system cannot be reached. Nothing was done.',
  },
  tr: {
    INVALID: 'Bir şey eksik ya da kullanılamıyor.',
    TAKEN: 'Bu, başka bir çağrıya ait.',
    NOT_FOUND: 'Böyle bir çağrı ya da dahili artık yok.',
    CAPABILITY_UNSUPPORTED: 'Bu santral bunu yapamıyor.',
    CONFLICT: 'Çağrı bu arada değişti ya da hangi çağrının kastedildiği belli değil.',
    IDEMPOTENCY_KEY_REUSED: 'Bu daha önce başka türlü istendi. Yeniden deneyin.',
    IN_PROGRESS: 'Bu işlem zaten sürüyor.',
    PROVIDER_REJECTED: 'Santral reddetti.',
    OUTCOME_UNKNOWN: 'Gönderildi ama yanıt gelmedi. Gerçekleşmiş olabilir.',
    PROVIDER_UNAVAILABLE: 'Santrale ulaşılamıyor. Hiçbir şey yapılmadı.',
  },
  cs: {
    INVALID: 'Něco chybí, nebo se nedá použít.',
    TAKEN: 'Tohle už má jiný hovor.',
    NOT_FOUND: 'Takový hovor nebo linka už není.',
    CAPABILITY_UNSUPPORTED: 'Tato ústředna to neumí.',
    CONFLICT: 'Hovor se mezitím změnil, nebo není jasné, který se myslí.',
    IDEMPOTENCY_KEY_REUSED: 'Tohle se předtím žádalo jinak. Zkuste to znovu.',
    IN_PROGRESS: 'Už se to dělá.',
    PROVIDER_REJECTED: 'Ústředna to odmítla.',
    OUTCOME_UNKNOWN: 'Odeslalo se to, ale odpověď nepřišla. Možná se to stalo.',
    PROVIDER_UNAVAILABLE: 'Ústředna není dostupná. Nic se nestalo.',
  },
})
