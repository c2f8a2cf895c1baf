// What the pages say in each language, where the story reads it.
import { brief } from './backstage.mjs'

const words = {
  ja: { deploy: 'デプロイ', import: '読み込み', noRuns: 'まだ実行がありません', timeLeft: /残り (29|30) 分/ },
  en: { deploy: 'Deploy', import: 'Import', noRuns: 'No runs yet', timeLeft: /(29|30) min/ },
}

export const say = words[brief.lang]
