/** Rules of this repository that oxlint does not have, in its ESLint-compatible plugin form. */

const WORDS = /[\p{L}\d]+(?:[ ,;:]+[\p{L}\d(]+){2,}/u;
const SPOKEN_ONLY_TO_DEVELOPERS = new Set(['invariant', 'Error']);

/** Names of limits and the like are labels, translated by their id. */
const LABELS = new Set(['name', 'label', 'unit']);
const isLabel = (node) =>
  node.type === 'TemplateElement'
    ? isLabel(node.parent)
    : node.parent?.type === 'Property' && LABELS.has(node.parent.key.name);

/** `**` calls the same code as Math.pow, whose last digit differs between V8 versions. */
const noPowerOperator = {
  create(context) {
    const check = (node) => {
      if (node.operator === '**' || node.operator === '**=') {
        context.report({ node, message: 'V8 versions compute ** differently: multiply, or use exp and log.' });
      }
    };
    return { BinaryExpression: check, AssignmentExpression: check };
  },
};

/** Behaviours and advice give codes and parameters; the sentence is made at the edge, in the reader's language. */
const noSentences = {
  create(context) {
    let developerCalls = 0;
    const isDeveloperCall = (node) => SPOKEN_ONLY_TO_DEVELOPERS.has(node.callee?.name);
    const enter = (node) => {
      if (isDeveloperCall(node)) developerCalls += 1;
    };
    const leave = (node) => {
      if (isDeveloperCall(node)) developerCalls -= 1;
    };
    const check = (node, text) => {
      if (developerCalls === 0 && WORDS.test(text) && !isLabel(node)) {
        context.report({ node, message: 'Give a code and parameters; write the sentence in messages.en.ts.' });
      }
    };
    return {
      CallExpression: enter,
      'CallExpression:exit': leave,
      NewExpression: enter,
      'NewExpression:exit': leave,
      Literal: (node) => typeof node.value === 'string' && check(node, node.value),
      TemplateElement: (node) => check(node, node.value.raw),
    };
  },
};

export default {
  meta: { name: 'caudal' },
  rules: { 'no-power-operator': noPowerOperator, 'no-sentences': noSentences },
};
