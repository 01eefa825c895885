// Finds a hook whose name is mistyped beside others that are right: what no run ever calls would
// otherwise be silent. C++20 cannot list the members of a type, so this asks for the names that
// people write by mistake: with a letter too few or two exchanged, in another style, or with other
// words for the same.
#pragma once

#include <painters/pipeline/cursor.hpp>
#include <type_traits>

namespace painters::pipeline_detail {

/// A number named end_call, say, is no hook, only what can be called is.
#define PAINTERS_NO_HOOK(hook, Site, name)                                             \
  static_assert(                                                                       \
      !requires { requires std::is_member_function_pointer_v<decltype(&H::name)>; } && \
          !requires(H & hooks, const Site& site, State& x) { hooks.name(site, x); },   \
      "painters: expected hooks named before_call, after_call, begin_group, "          \
      "end_group, begin_branch or end_branch, found " #name                            \
      ", which no run calls: name it " #hook)

/// Compiles if no member of the hooks H is likely to be a mistyped hook.
template <class H, class State>
consteval bool require_hook_names() {
  PAINTERS_NO_HOOK(before_call, CallSite, efore_call);
  PAINTERS_NO_HOOK(before_call, CallSite, bfore_call);
  PAINTERS_NO_HOOK(before_call, CallSite, beore_call);
  PAINTERS_NO_HOOK(before_call, CallSite, befre_call);
  PAINTERS_NO_HOOK(before_call, CallSite, befoe_call);
  PAINTERS_NO_HOOK(before_call, CallSite, befor_call);
  PAINTERS_NO_HOOK(before_call, CallSite, beforecall);
  PAINTERS_NO_HOOK(before_call, CallSite, before_all);
  PAINTERS_NO_HOOK(before_call, CallSite, before_cll);
  PAINTERS_NO_HOOK(before_call, CallSite, before_cal);
  PAINTERS_NO_HOOK(before_call, CallSite, ebfore_call);
  PAINTERS_NO_HOOK(before_call, CallSite, bfeore_call);
  PAINTERS_NO_HOOK(before_call, CallSite, beofre_call);
  PAINTERS_NO_HOOK(before_call, CallSite, befroe_call);
  PAINTERS_NO_HOOK(before_call, CallSite, befoer_call);
  PAINTERS_NO_HOOK(before_call, CallSite, befor_ecall);
  PAINTERS_NO_HOOK(before_call, CallSite, beforec_all);
  PAINTERS_NO_HOOK(before_call, CallSite, before_acll);
  PAINTERS_NO_HOOK(before_call, CallSite, before_clal);
  PAINTERS_NO_HOOK(before_call, CallSite, before_calls);
  PAINTERS_NO_HOOK(before_call, CallSite, beforeCall);
  PAINTERS_NO_HOOK(before_call, CallSite, BeforeCall);
  PAINTERS_NO_HOOK(before_call, CallSite, before_layer);
  PAINTERS_NO_HOOK(before_call, CallSite, before_step);
  PAINTERS_NO_HOOK(before_call, CallSite, before);
  PAINTERS_NO_HOOK(before_call, CallSite, pre_call);
  PAINTERS_NO_HOOK(before_call, CallSite, pre_layer);
  PAINTERS_NO_HOOK(before_call, CallSite, begin_call);
  PAINTERS_NO_HOOK(before_call, CallSite, begin_layer);
  PAINTERS_NO_HOOK(before_call, CallSite, start_call);
  PAINTERS_NO_HOOK(before_call, CallSite, on_before_call);
  PAINTERS_NO_HOOK(before_call, CallSite, call_before);
  PAINTERS_NO_HOOK(after_call, CallSite, fter_call);
  PAINTERS_NO_HOOK(after_call, CallSite, ater_call);
  PAINTERS_NO_HOOK(after_call, CallSite, afer_call);
  PAINTERS_NO_HOOK(after_call, CallSite, aftr_call);
  PAINTERS_NO_HOOK(after_call, CallSite, afte_call);
  PAINTERS_NO_HOOK(after_call, CallSite, aftercall);
  PAINTERS_NO_HOOK(after_call, CallSite, after_all);
  PAINTERS_NO_HOOK(after_call, CallSite, after_cll);
  PAINTERS_NO_HOOK(after_call, CallSite, after_cal);
  PAINTERS_NO_HOOK(after_call, CallSite, fater_call);
  PAINTERS_NO_HOOK(after_call, CallSite, atfer_call);
  PAINTERS_NO_HOOK(after_call, CallSite, afetr_call);
  PAINTERS_NO_HOOK(after_call, CallSite, aftre_call);
  PAINTERS_NO_HOOK(after_call, CallSite, afte_rcall);
  PAINTERS_NO_HOOK(after_call, CallSite, afterc_all);
  PAINTERS_NO_HOOK(after_call, CallSite, after_acll);
  PAINTERS_NO_HOOK(after_call, CallSite, after_calls);
  PAINTERS_NO_HOOK(after_call, CallSite, afterCall);
  PAINTERS_NO_HOOK(after_call, CallSite, AfterCall);
  PAINTERS_NO_HOOK(after_call, CallSite, after_layer);
  PAINTERS_NO_HOOK(after_call, CallSite, after_step);
  PAINTERS_NO_HOOK(after_call, CallSite, after);
  PAINTERS_NO_HOOK(after_call, CallSite, post_call);
  PAINTERS_NO_HOOK(after_call, CallSite, post_layer);
  PAINTERS_NO_HOOK(after_call, CallSite, end_call);
  PAINTERS_NO_HOOK(after_call, CallSite, end_layer);
  PAINTERS_NO_HOOK(after_call, CallSite, finish_call);
  PAINTERS_NO_HOOK(after_call, CallSite, on_call);
  PAINTERS_NO_HOOK(after_call, CallSite, on_layer);
  PAINTERS_NO_HOOK(after_call, CallSite, on_after_call);
  PAINTERS_NO_HOOK(after_call, CallSite, call_after);
  PAINTERS_NO_HOOK(begin_group, GroupSite, egin_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, bgin_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, bein_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begn_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begi_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begingroup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_roup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_goup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_grup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_grop);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_grou);
  PAINTERS_NO_HOOK(begin_group, GroupSite, ebgin_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, bgein_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begni_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begi_ngroup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, beging_roup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_rgoup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_gorup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_gruop);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_gropu);
  PAINTERS_NO_HOOK(begin_group, GroupSite, begin_groups);
  PAINTERS_NO_HOOK(begin_group, GroupSite, beginGroup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, BeginGroup);
  PAINTERS_NO_HOOK(begin_group, GroupSite, before_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, start_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, enter_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, pre_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, on_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, on_begin_group);
  PAINTERS_NO_HOOK(begin_group, GroupSite, group_begin);
  PAINTERS_NO_HOOK(end_group, GroupSite, nd_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, ed_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, en_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, endgroup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_roup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_goup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_grup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_grop);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_grou);
  PAINTERS_NO_HOOK(end_group, GroupSite, ned_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, edn_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, en_dgroup);
  PAINTERS_NO_HOOK(end_group, GroupSite, endg_roup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_rgoup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_gorup);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_gruop);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_gropu);
  PAINTERS_NO_HOOK(end_group, GroupSite, end_groups);
  PAINTERS_NO_HOOK(end_group, GroupSite, endGroup);
  PAINTERS_NO_HOOK(end_group, GroupSite, EndGroup);
  PAINTERS_NO_HOOK(end_group, GroupSite, after_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, finish_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, leave_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, exit_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, post_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, on_end_group);
  PAINTERS_NO_HOOK(end_group, GroupSite, group_end);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, egin_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, bgin_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, bein_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begn_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begi_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, beginbranch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_ranch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_banch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_brnch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_brach);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_branc);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, ebgin_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, bgein_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, beign_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begni_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begi_nbranch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, beginb_ranch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_rbanch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_barnch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_brnach);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_bracnh);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_branhc);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, begin_branchs);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, beginBranch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, BeginBranch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, before_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, start_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, enter_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, pre_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, on_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, on_begin_branch);
  PAINTERS_NO_HOOK(begin_branch, BranchSite, branch_begin);
  PAINTERS_NO_HOOK(end_branch, BranchSite, nd_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, ed_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, en_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, endbranch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_ranch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_banch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_brnch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_brach);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_branh);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_branc);
  PAINTERS_NO_HOOK(end_branch, BranchSite, ned_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, edn_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, en_dbranch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, endb_ranch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_rbanch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_barnch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_brnach);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_bracnh);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_branhc);
  PAINTERS_NO_HOOK(end_branch, BranchSite, end_branchs);
  PAINTERS_NO_HOOK(end_branch, BranchSite, endBranch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, EndBranch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, after_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, finish_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, leave_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, exit_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, post_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, on_end_branch);
  PAINTERS_NO_HOOK(end_branch, BranchSite, branch_end);
  return true;
}

#undef PAINTERS_NO_HOOK

}  // namespace painters::pipeline_detail
