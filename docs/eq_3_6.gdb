set print address off
set print frame-arguments none
break plaingrad::conv2d_kernel_gradient_definition
run > /dev/null
backtrace 3
next 3
watch dF.values._M_impl._M_start[5]
continue
continue
continue
