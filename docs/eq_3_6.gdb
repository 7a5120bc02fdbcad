break plaingrad::Conv2D::backward
run > /dev/null
print dy.values
break plaingrad::conv2d_kernel_gradient_definition
continue
backtrace 4
next 3
watch dF.values._M_impl._M_start[5]
continue 3
print dF.values
